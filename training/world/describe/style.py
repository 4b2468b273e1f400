"""The page's style: one column of text, figures as wide as it, legible on a phone and on paper."""

from __future__ import annotations

from typing import Final

from training.world.describe.palette import ACCENT, GRID, INK, MUTED, PAPER, PRIMARY

__all__ = ["STYLE"]

STYLE: Final = f"""
:root {{ color-scheme: light; --ink: {INK}; --muted: {MUTED}; --grid: {GRID}; --paper: {PAPER}; --blue: {PRIMARY};
  --accent: {ACCENT}; }}
* {{ box-sizing: border-box; }}
html {{ -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }}
body {{ margin: 0; border-top: .375rem solid var(--blue); background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI",
  "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }}
.skip {{ position: absolute; left: -999rem; }}
.skip:focus {{ left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--paper); }}
header, main, footer {{ max-width: 47rem; margin: 0 auto; padding: 0 1.25rem; }}
header {{ padding-top: 2.25rem; }}
h1 {{ font-size: 2.25rem; line-height: 1.15; letter-spacing: -.015em; margin: 0 0 .5rem; }}
h2 {{ font-size: 1.625rem; line-height: 1.2; letter-spacing: -.01em; margin: 4rem 0 .75rem; padding-top: 1.25rem;
  border-top: 1px solid var(--grid); }}
h3 {{ font-size: 1.1875rem; line-height: 1.3; margin: 2.75rem 0 .375rem; }}
p {{ margin: 0 0 1rem; }}
a {{ color: var(--blue); text-underline-offset: .15em; }}
a:hover {{ color: var(--accent); }}
:focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px; }}
.lead {{ color: var(--muted); font-size: 1.1875rem; line-height: 1.45; }}
.notice {{ border-left: .25rem solid var(--accent); padding: .125rem 0 .125rem 1rem; margin: 1.5rem 0;
  font-weight: 600; }}
.figures {{ display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.25rem 1.5rem; margin: 2rem 0;
  padding: 1.25rem 0; border: solid var(--grid); border-width: 1px 0; }}
.figures div {{ display: flex; flex-direction: column-reverse; justify-content: flex-end; }}
.figures dt {{ color: var(--muted); font-size: .9375rem; line-height: 1.35; }}
.figures dd {{ margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em;
  font-variant-numeric: tabular-nums; }}
nav h2 {{ border: 0; margin-top: 1.5rem; padding: 0; }}
nav ul {{ list-style: none; margin: 0; padding: 0; }}
nav li {{ padding: .625rem 0; border-bottom: 1px solid var(--grid); }}
nav a {{ display: block; font-weight: 600; }}
.introduction {{ color: var(--muted); }}
figure {{ margin: 1rem 0 0; }}
figure svg {{ display: block; width: 100%; height: auto; }}
figure svg.narrow {{ display: none; }}
svg text {{ font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans",
  sans-serif; }}
figcaption {{ color: var(--muted); font-size: .9375rem; line-height: 1.45; margin-top: .5rem; }}
details {{ margin: .75rem 0 0; font-size: .9375rem; }}
summary {{ cursor: pointer; color: var(--blue); padding: .375rem 0; }}
summary:hover {{ color: var(--accent); }}
.scroll {{ overflow-x: auto; margin: .25rem 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35;
  font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; font-weight: 600; padding: .25rem 0 .5rem; }}
caption span {{ display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 2.5rem); }}
th, td {{ padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--grid); vertical-align: top;
  text-align: right; }}
thead th {{ border-bottom: 2px solid var(--muted); vertical-align: bottom; font-weight: 600; }}
tr > :first-child {{ text-align: left; padding-right: 1.25rem; font-weight: 400; }}
thead tr > :first-child {{ font-weight: 600; }}
table.few td {{ white-space: nowrap; }}
table.words td {{ text-align: left; overflow-wrap: anywhere; }}
table.words thead th {{ text-align: left; }}
dl.glossary dt {{ font-weight: 600; margin-top: 1rem; }}
dl.glossary dd {{ margin: 0; }}
footer {{ color: var(--muted); font-size: .9375rem; margin-top: 4rem; padding-top: 1.25rem; padding-bottom: 3rem;
  border-top: 1px solid var(--grid); overflow-wrap: anywhere; }}
@media (max-width: 40rem) {{
  body {{ font-size: 1rem; }}
  h1 {{ font-size: 1.75rem; }}
  h2 {{ font-size: 1.375rem; margin-top: 3rem; }}
  h3 {{ font-size: 1.125rem; }}
  .lead {{ font-size: 1.0625rem; }}
  .figures {{ grid-template-columns: 1fr 1fr; }}
  .figures dd {{ font-size: 1.5rem; }}
  figure svg.wide {{ display: none; }}
  figure svg.narrow {{ display: block; }}
  td {{ white-space: nowrap; }}
  table.words td {{ white-space: normal; }}
  tr > :first-child {{ min-width: 8rem; }}
}}
@media print {{
  @page {{ margin: 18mm 16mm; }}
  body {{ font-size: 10.5pt; }}
  header, main, footer {{ max-width: none; padding: 0; }}
  .skip, summary {{ display: none; }}
  figure svg.wide {{ display: block; }}
  figure svg.narrow {{ display: none; }}
  h2, h3, h3 + p, .introduction, caption {{ break-after: avoid; }}
  figure, tr {{ break-inside: avoid; }}
  details::details-content {{ content-visibility: visible; display: block; }}
  .scroll {{ overflow: visible; }}
  td, table.few td {{ white-space: normal; }}
  table {{ font-size: 8pt; }}
  a {{ color: inherit; text-decoration: none; }}
}}
""".strip()
