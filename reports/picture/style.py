"""The looks of the picture: colours for light, dark and paper.

All colours keep a contrast of 4.5 to 1 for text and 3 to 1 for lines (WCAG 2.2, 1.4.3 and 1.4.11); nothing is
told by colour alone: broken paths are thicker, dashed and numbered, public subnets say so.
"""

from typing import Final

_LIGHT: Final = """
--tlp-back:#ffffff;--tlp-text:#17212b;--tlp-soft:#52606d;--tlp-card:#ffffff;--tlp-edge:#6b7a89;--tlp-line:#4a5b6c;
--tlp-pale:#7d8a97;--tlp-bad:#b3141d;--tlp-on-bad:#ffffff;--tlp-bad-card:#fff1f1;--tlp-good:#0b6b3a;--tlp-frame:#5d6f80;
--tlp-public:#9a4d00;--tlp-private:#0b6b3a;--tlp-internet:#f3f4f6;--tlp-presentation:#eef3fb;--tlp-logic:#f2effa;
--tlp-data:#edf6f1;--tlp-support:#f6f4ef;--tlp-inside:#ffffff;--tlp-internet-bar:#52606d;--tlp-presentation-bar:#2459a8;
--tlp-logic-bar:#6337a8;--tlp-data-bar:#14693f;--tlp-support-bar:#6b5a2a;
""".replace("\n", "")

_DARK: Final = """
--tlp-back:#11161c;--tlp-text:#eef2f6;--tlp-soft:#b3bfca;--tlp-card:#1d252e;--tlp-edge:#8695a3;--tlp-line:#9fb0c0;
--tlp-pale:#7f8d9b;--tlp-bad:#ff7b7b;--tlp-on-bad:#2a0507;--tlp-bad-card:#3a1a1d;--tlp-good:#6fd49c;--tlp-frame:#8fa0b0;
--tlp-public:#ffb469;--tlp-private:#6fd49c;--tlp-internet:#1a2027;--tlp-presentation:#152136;--tlp-logic:#1f1a33;
--tlp-data:#13241c;--tlp-support:#221f17;--tlp-inside:#11161c;--tlp-internet-bar:#b3bfca;--tlp-presentation-bar:#8db8f5;
--tlp-logic-bar:#c2a6f5;--tlp-data-bar:#7fd6a6;--tlp-support-bar:#d8c48a;
""".replace("\n", "")

_PAPER: Final = """
--tlp-back:#fff;--tlp-text:#000;--tlp-soft:#222;--tlp-card:#fff;--tlp-edge:#333;--tlp-line:#333;--tlp-pale:#666;
--tlp-bad:#a00;--tlp-on-bad:#fff;--tlp-bad-card:#fff;--tlp-good:#000;--tlp-frame:#333;--tlp-public:#000;
--tlp-private:#000;--tlp-internet:#fff;--tlp-presentation:#fff;--tlp-logic:#fff;--tlp-data:#fff;--tlp-support:#fff;--tlp-inside:#fff;
--tlp-internet-bar:#000;--tlp-presentation-bar:#000;--tlp-logic-bar:#000;--tlp-data-bar:#000;--tlp-support-bar:#000;
""".replace("\n", "")

PICTURE_CSS: Final = f"""
.tlp{{{_LIGHT}font-family:"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;color-scheme:light dark}}
@media (prefers-color-scheme:dark){{.tlp{{{_DARK}}}}}
[data-theme="light"] .tlp{{{_LIGHT}}}
[data-theme="dark"] .tlp{{{_DARK}}}
.tlp text{{fill:var(--tlp-text);font-size:10.5px}}
.tlp .tlp-back{{fill:var(--tlp-back)}}
.tlp .tlp-title{{font-size:15px;font-weight:700}}
.tlp .tlp-name{{font-size:12px;font-weight:700}}
.tlp .tlp-kind,.tlp .tlp-soft{{fill:var(--tlp-soft)}}
.tlp .tlp-lane rect{{stroke:var(--tlp-edge);stroke-opacity:.45;stroke-width:1}}
.tlp .tlp-lane text{{font-size:13px;font-weight:700}}
.tlp .tlp-lane-internet rect{{fill:var(--tlp-internet)}}.tlp .tlp-lane-internet text{{fill:var(--tlp-internet-bar)}}
.tlp .tlp-lane-presentation rect{{fill:var(--tlp-presentation)}}
.tlp .tlp-lane-presentation text{{fill:var(--tlp-presentation-bar)}}
.tlp .tlp-lane-logic rect{{fill:var(--tlp-logic)}}.tlp .tlp-lane-logic text{{fill:var(--tlp-logic-bar)}}
.tlp .tlp-lane-data rect{{fill:var(--tlp-data)}}.tlp .tlp-lane-data text{{fill:var(--tlp-data-bar)}}
.tlp .tlp-lane-support rect{{fill:var(--tlp-support)}}.tlp .tlp-lane-support text{{fill:var(--tlp-support-bar)}}
.tlp .tlp-box rect{{fill:none;stroke:var(--tlp-frame);stroke-width:1.4}}
.tlp .tlp-box text{{font-weight:700;font-size:11px}}
.tlp .tlp-box>text{{stroke:var(--tlp-back);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}}
.tlp .tlp-subnet>rect{{fill:var(--tlp-inside);fill-opacity:.55;stroke-dasharray:5 3}}
.tlp .tlp-vpc>rect{{stroke-width:2}}
.tlp .tlp-public>rect{{stroke:var(--tlp-public)}}.tlp .tlp-public>text{{fill:var(--tlp-public)}}
.tlp .tlp-private>rect{{stroke:var(--tlp-private)}}.tlp .tlp-private>text{{fill:var(--tlp-private)}}
.tlp .tlp-node{{cursor:pointer}}
.tlp .tlp-card{{fill:var(--tlp-card);stroke:var(--tlp-edge);stroke-width:1.2}}
.tlp .tlp-place .tlp-card{{stroke-dasharray:3 2}}
.tlp .tlp-node:hover .tlp-card,.tlp .tlp-node:focus .tlp-card{{stroke:var(--tlp-presentation-bar);stroke-width:2.6}}
.tlp .tlp-node:focus{{outline:none}}
.tlp .tlp-bad .tlp-card{{stroke:var(--tlp-bad);stroke-width:2.4;fill:var(--tlp-bad-card)}}
.tlp .tlp-bad.tlp-box>rect{{stroke:var(--tlp-bad);stroke-width:2.4}}
.tlp .tlp-bar-internet{{fill:var(--tlp-internet-bar)}}.tlp .tlp-bar-presentation{{fill:var(--tlp-presentation-bar)}}
.tlp .tlp-bar-logic{{fill:var(--tlp-logic-bar)}}.tlp .tlp-bar-data{{fill:var(--tlp-data-bar)}}
.tlp .tlp-bar-support{{fill:var(--tlp-support-bar)}}
.tlp .tlp-icon{{fill:none;stroke:var(--tlp-good);stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}}
.tlp .tlp-edge path{{fill:none;stroke:var(--tlp-line);stroke-width:1.3}}
.tlp .tlp-permission path{{stroke-dasharray:7 3}}
.tlp .tlp-authorization path{{stroke-dasharray:2 3}}
.tlp .tlp-reference path{{stroke:var(--tlp-pale);stroke-width:1;stroke-dasharray:1 4;stroke-linecap:round}}
.tlp .tlp-edge:hover path{{stroke-width:3}}
.tlp .tlp-edge.tlp-broken path{{stroke:var(--tlp-bad);stroke-width:2.6;stroke-dasharray:10 4}}
.tlp .tlp-tip{{fill:var(--tlp-line)}}
.tlp .tlp-tip-pale{{fill:var(--tlp-pale)}}.tlp .tlp-tip-bad{{fill:var(--tlp-bad)}}
.tlp .tlp-chip rect{{fill:var(--tlp-bad);stroke:var(--tlp-back);stroke-width:1}}
.tlp .tlp-chip text{{fill:var(--tlp-on-bad);font-weight:700}}
.tlp .tlp-chip{{pointer-events:none}}
@media print{{.tlp,[data-theme] .tlp{{{_PAPER}-webkit-print-color-adjust:exact;print-color-adjust:exact}}}}
@media (forced-colors:active){{.tlp{{forced-color-adjust:none}}}}
""".strip()
