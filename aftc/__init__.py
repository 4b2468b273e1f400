"""The library of the Advanced Freight Targeting Capability: what must be the same in training and in serving.

Folders are the stages of the flow: streams -> linking -> features -> models -> audit. Nothing here imports
`training` or `serving`.
"""
