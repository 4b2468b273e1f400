"""Words for goods beyond their usual spellings: further English ones, and those of the origins' trade languages.

Spanish, Portuguese, French and German keep the letters of ISO 8859-1; Polish, Romanian, Turkish, Vietnamese and
Chinese (in pinyin) are written in plain letters, as ships' papers have them.
"""

from __future__ import annotations

__all__ = ["FURTHER_WORDS", "LANGUAGES"]

# Trade languages of an origin beside English, the usual one first.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "BE": ("nl", "fr"), "BR": ("pt",), "CN": ("zh",), "CO": ("es",), "CR": ("es",), "DE": ("de",), "DO": ("es",),
    "EC": ("es",), "ES": ("es",), "FR": ("fr",), "HK": ("zh",), "MA": ("fr",), "NL": ("nl",), "PE": ("es",),
    "PL": ("pl",), "RO": ("ro",), "TR": ("tr",), "VN": ("vi",),
}  # fmt: skip

# A line is an HS code and, after each slash, a language and its words; a code may take several lines.
_LINES = """
020329 en frozen pork loins; pork shoulder, frozen / de Schweinefleisch gefroren; Schweinenacken TK
020329 es carne de cerdo congelada; lomo de cerdo congelado / nl varkensvlees bevroren; varkenslenden diepvries
020130 en boneless beef, vacuum packed; beef striploin, chilled / nl rundvlees vers zonder been
030617 en frozen vannamei shrimp; raw shrimp HLSO block frozen / es camarón congelado; camarón vannamei HLSO
030617 vi tom dong lanh; tom the dong lanh bo dau
040690 en mature cheddar blocks; gouda cheese wheels / fr fromage à pâte pressée; fromage cheddar en bloc
040690 nl Goudse kaas; harde kaas in blokken
060311 en fresh roses long stem; roses 60 cm / es rosas frescas cortadas; rosas de exportación
060311 nl snijrozen; rozen vers
070200 en vine tomatoes, loose; cherry tomatoes / es tomate en rama fresco; tomate cherry
070200 fr tomates fraîches en grappe
070200 nl trostomaten vers; losse tomaten
080390 en green Cavendish bananas; bananas class 1 / es banano Cavendish fresco; plátano fresco en cajas
080440 en avocados size 18; ripe avocados / es aguacate Hass fresco; palta Hass fresca
080510 en sweet oranges; Valencia oranges / es naranjas frescas; naranja Navel calibre 4
080510 fr oranges fraîches; oranges Navel
080610 en red seedless grapes; table grapes Thompson / es uva de mesa fresca; uva sin semilla / pt uvas frescas de mesa
090111 en Arabica coffee green; coffee beans unroasted / es café verde en grano; café excelso / pt café verde em grão
090111 vi ca phe nhan xanh; ca phe Robusta
090411 en black pepper 550 g/l; peppercorns / pt pimenta do reino em grãos / vi ho tieu den hat
100630 en basmati rice 1121 sella; long grain white rice
180100 en cocoa beans fermented; cacao beans main crop / es cacao en grano; cacao fino de aroma
180690 en pralines in boxes; chocolate bars filled / de Pralinen; Schokolade gefüllt / fr chocolats fourrés; pralinés
180690 nl gevulde chocolade; bonbons in dozen
220300 en pilsner beer in bottles; lager 24 x 33 cl / de Bier in Dosen; Pils in Flaschen / fr bière blonde en canettes
220300 nl pils in blik; bier op fust
220421 en still wine 12 x 75 cl; white wine, bottled / es vino tinto embotellado; vino blanco 75 cl
220421 fr vin rouge en bouteilles; vin blanc 75 cl
293399 en heterocyclic intermediates, nitrogen; pyridine derivatives / zh zahuan huahewu; youji zhongjianti
300490 en antihypertensive tablets; paracetamol tablets 500 mg / de Arzneimittel in Tabletten; Fertigarzneimittel
300490 fr médicaments en comprimés; spécialités pharmaceutiques / nl geneesmiddelen in tabletten
320417 en pigment red 170; organic pigment blue / zh youji yanliao; yanliao fen
392690 en plastic boxes with lids; PP containers for the kitchen / de Kunststoffboxen; Vorratsdosen aus PP
392690 pl pojemniki z PP; pudelka kuchenne / vi hop nhua gia dung / zh suliao shouna he; PP baoxian he
401110 en car tyres 205/55 R16; radial passenger tyres / de PKW-Reifen neu; Winterreifen 195/65 R15
401110 pl opony samochodowe nowe; opony zimowe / zh jiaoche luntai; banjin xian luntai
440711 en pine boards kiln dried; redwood sawn timber / pl tarcica sosnowa; deski sosnowe / pt madeira serrada de pinus
440711 ro cherestea de pin
441520 en EUR pallets 1200 x 800; heat treated pallets / pl palety drewniane nowe; palety EUR / ro paleti din lemn
480256 en copy paper 80 gsm; offset paper sheets / de Kopierpapier A4; Druckpapier
480256 fr papier pour copie A4; ramettes A4
480256 pt papel cortado A4
570242 en woven rugs polypropylene; machine made carpets / tr dokuma hali; makine halisi
610910 en tee shirts, men's cotton; ladies' knitted tops / ro tricouri din bumbac / tr pamuklu tisort; orme tisort
610910 vi ao thun cotton / zh quanmian T xu; zhenzhi shan
630260 en cotton bath towels; hotel towels, white / tr havlu pamuklu; bornoz ve havlu
630900 en second hand clothes in bales; used clothes mixed sizes / nl tweedehands kleding in balen
630900 pl odziez uzywana w belach
680221 en polished marble; travertine honed 60 x 60 / es mármol pulido en tablas; losas de mármol
680221 tr mermer levha; traverten karo
690721 en porcelain floor tiles 60 x 60; wall tiles, glazed / es baldosas cerámicas; azulejos de gres porcelánico
690721 tr seramik yer karosu; porselen karo / zh cizhuan; paoguang zhuan
847130 en notebook computers 14 inch; laptops with adaptors / nl laptops met laders / vi may tinh xach tay
847130 zh bijiben diannao
847989 en rotary tablet press; capsule filling machine / de Tablettenpresse; Rundläuferpresse
847989 zh yapian ji; jiaonang tianchong ji
870899 en steering and suspension arms; car brake discs / de Bremsscheiben; Querlenker für PKW
870899 pl tarcze hamulcowe; czesci zawieszenia / ro discuri de frana; brate suspensie
870899 tr fren diski; otomotiv yedek parca / zh qiche shache pan; qiche xuangua bei
940360 en bookcases and tables, pine; bedroom cabinets, flat packed / es muebles de madera; mesas y estanterías de pino
940360 pl meble drewniane; regaly sosnowe / ro mobilier din lemn / vi ban ghe go; tu go / zh muzhi jiaju; banshi jiaju
950300 en dolls and building blocks; toy cars / de Spielzeug; Bausteine und Puppen / vi do choi tre em
950300 zh suliao wanju; jimu
030289 en whole snapper on ice; fresh grouper / vi ca tuoi nguyen con
030632 en live lobster hard shell; homarus lobster alive
060319 en cut flowers, assorted bouquets; statice and gypsophila / es flores cortadas; ramos de flores
060319 nl boeketten snijbloemen
070820 en extra fine beans; runner beans / es judías verdes frescas / fr haricots verts extra fins; haricots verts frais
070960 en bird eye chillies; scotch bonnet peppers / es pimientos frescos; ají fresco / nl paprika vers; pepers vers
070999 en okra, karela and tindora; fresh okra lady finger
071430 en white yams; yam tubers fresh
080430 en pineapples MD2; sweet pineapples size 8 / es piña fresca MD2; piña dorada
080450 en Chaunsa mangoes; Alphonso mangoes / es mango fresco; mango Kent / pt mangas frescas; manga Tommy
081010 en strawberries class 1; strawberries 400 g / es fresas frescas; fresón en tarrinas / fr fraises fraîches
081010 nl aardbeien vers
121190 en coriander, parsley and mint, fresh; basil pots / es hierbas aromáticas frescas
121190 fr menthe fraîche; herbes aromatiques
120991 en hybrid tomato seeds; lettuce seeds, pelleted / es semillas de hortalizas
120991 fr semences potagères; graines de laitue
120991 nl groentezaden; tomatenzaad / zh shucai zhongzi
210690 en vitamin and mineral capsules; whey protein / de Nahrungsergänzungsmittel; Proteinpulver
210690 nl voedingssupplementen; eiwitpoeder / pl suplementy diety; odzywka bialkowa / zh baojianpin jiaonang; danbai fen
240412 en e-liquid 10 ml; nicotine salts 20 mg / pl liquidy do e-papierosow / zh dianzi yanyou; yanyou
292249 en glycine powder; L-arginine and taurine / zh anjisuan fenmo; ganansuan
330300 en perfume sprays 100 ml; cologne for men / es perfumes y colonias / fr eaux de parfum; eau de toilette 50 ml
330300 tr parfum; kolonya
330499 en moisturising cream 50 ml; lipstick and mascara / de Gesichtscreme; Kosmetik / fr crèmes de soin; maquillage
330499 pl kremy do twarzy; kosmetyki / tr cilt kremi; makyaj / zh hufupin mianshuang; huazhuangpin
382219 en ELISA kits; rapid test cassettes / de Diagnostika-Reagenzien; Testkits
382219 fr réactifs de diagnostic; trousses de test
382219 nl diagnostische reagentia / zh zhenduan shiji; jiance shijihe
420232 en silicone phone covers; card wallets / zh shouji ke; shouji baohu tao
490199 en hardback novels; school books / de Bücher; Taschenbücher / es libros impresos / nl boeken; leesboeken
490199 zh tushu
611030 en acrylic sweaters; ladies' cardigans, knitted / tr triko kazak; orme hirka / vi ao len
611030 zh zhenzhi maoyi; kaishan
620342 en men's chinos; jeans woven cotton / fr pantalons en coton; jeans homme / tr erkek kot pantolon
620342 vi quan jean nam
620342 zh nanshi niuzaiku; mianku
640411 en running shoes; trainers, textile upper / es zapatillas deportivas / vi giay the thao
640411 zh yundong xie; paobu xie
711719 en costume jewellery; bracelets and rings, base metal / zh fang shoushi; xianglian erhuan
820559 en hand held pullers; ratchet sets / de Handwerkzeuge; Schraubendrehersatz / zh shougong gongju; luosi dao
820730 en TDP die set; stamping dies / de Stempel und Matrizen; Presswerkzeuge / zh chongtou moju; yapian moju
840999 en piston rings; cylinder heads for diesel engines / de Kolben und Laufbuchsen; Zylinderköpfe
840999 tr piston ve gomlek; dizel motor silindir kapagi / zh huosai; gangtao
848079 en steel moulds, multi cavity; candy moulds, silicone / de Formen für Kunststoff; Silikonformen
848079 zh guijiao moju; moju
848180 en gate valves DN50; mixer taps, chromed / de Ventile und Armaturen; Kugelhähne / tr vana ve musluk; pirinc vana
848180 zh famen; tong qiufa
850440 en power adaptors 12 V; fast chargers 65 W / vi bo sac USB / zh dianyuan shipeiqi; chongdianqi
850760 en lithium cells UN3480; battery packs 48 V / de Lithium-Ionen-Akkus; Akkupacks / pl akumulatory litowo-jonowe
850760 zh li dianchi; lizi dianchi zu
851713 en mobile phones 128 GB; refurbished smartphones / vi dien thoai di dong / zh zhineng shouji; shouji
851762 en wifi routers; Ethernet switches / vi bo dinh tuyen / zh luyouqi; jiaohuanji
851830 en bluetooth headsets; earbuds with charging case / vi tai nghe / zh lanya erji; erji
853400 en PCB 4 layer; rigid printed circuits / vi bang mach in / zh yinshua dianlu ban; PCB ban
854231 en microprocessors; IC chips on reels / de Mikrocontroller; integrierte Schaltungen / zh jicheng dianlu; xinpian
854340 en disposable vapes; e-cigarette starter kits / zh dianzi yan; yancigan
880730 en aircraft brake assembly; landing gear actuator / de Flugzeugteile; Fahrwerksteile / es piezas de aviones
880730 fr pièces d'aéronefs; train d'atterrissage / pt partes de aeronaves
901890 en dental forceps; surgical scissors, stainless / de chirurgische Instrumente; Dentalinstrumente
901890 zh shoushu qixie
910211 en fashion watches; wristwatches, quartz movement / zh shiying shoubiao; shoubiao
940542 en LED panel lights; LED bulbs and strips / de LED-Leuchten; LED-Streifen / pl lampy LED; tasmy LED
940542 zh LED deng; deng dai
950450 en handheld game consoles; game pads, wireless / vi may choi game / zh youxi ji; youxi shoubing
960200 en hard gelatin capsules size 0; vegetable capsule shells, empty / zh kong jiaonang; mingjiao jiaonang
"""


def _further_words() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in _LINES.strip().splitlines():
        code, texts = line.split(" ", 1)
        for text in texts.split(" / "):
            language, words = text.split(" ", 1)
            found.setdefault(code, {})[language] = tuple(words.split("; "))
    return found


# Words by HS code and language.
FURTHER_WORDS = _further_words()
