"""How a report looks in a browser and on paper: the window's colours, both light and dark."""

from dataclasses import fields

from core.charts.colours import CONCEPT_COLOURS, DARK, LIGHT, Theme

_ROLES = tuple(f.name for f in fields(Theme) if f.name not in ("name", "concepts"))

# A theme whose colours are those of the page that a chart stands on.
OF_THE_PAGE = Theme(
    name="page",
    concepts=tuple(f"var(--concept-{i})" for i in range(CONCEPT_COLOURS)),
    **{role: f"var(--{role})" for role in _ROLES},
)


def _variables(theme: Theme) -> str:
    colours = [f"--{role}:{getattr(theme, role)}" for role in _ROLES]
    concepts = [f"--concept-{i}:{value}" for i, value in enumerate(theme.concepts)]
    return ";".join((*colours, *concepts))


_RULES = """
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
  font:16px/1.55 Inter,"Segoe UI",system-ui,-apple-system,"Noto Sans",sans-serif;
  font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main{max-width:760px;margin:0 auto;padding:56px 24px 80px}
h1,h2,h3{line-height:1.25;letter-spacing:-.01em;font-weight:600;break-after:avoid}
h1{font-size:34px;margin:0 0 8px}
h2{font-size:22px;margin:56px 0 12px;padding-top:20px;border-top:1px solid var(--hairline)}
h3{font-size:17px;margin:32px 0 8px}
p,ul,dl,table,figure{margin:0 0 16px}
ul{padding-left:20px}
li{margin-bottom:6px}
a{color:var(--accent_text)}
header p,.quiet,dt,caption,th,.note{color:var(--ink_2)}
header p{margin:0}
nav{margin-top:28px;font-size:15px}
nav ol{margin:0;padding:0;list-style:none;columns:2;column-gap:32px}
.lead{font-size:21px;line-height:1.4}
.quiet,.note{font-size:14px}
.warning{background:var(--warn_soft);color:var(--warn);border-radius:8px;padding:10px 14px}
dl{display:grid;grid-template-columns:minmax(120px,200px) 1fr;gap:6px 16px}
dd{margin:0;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;font-size:14px}
caption{text-align:left;padding-bottom:6px}
th{font-weight:500}
thead th{vertical-align:bottom;border-bottom:1px solid var(--outline)}
thead{display:table-header-group}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--hairline);
  vertical-align:top}
tr{break-inside:avoid}
tbody th{color:var(--ink);font-weight:400;overflow-wrap:anywhere;min-width:7em}
td{min-width:7em}
.number{text-align:right;white-space:nowrap;min-width:0}
thead .number{white-space:normal}
.number:last-child{padding-right:0}
.wide{overflow-x:auto}
.figures th,.figures td{vertical-align:middle;min-width:0}
.figures .value{font-size:22px;font-weight:600;white-space:nowrap}
.band{position:relative;display:block;width:160px;height:12px}
.band::before{content:"";position:absolute;inset:5px 0 auto;height:1px;background:var(--outline)}
.band i{position:absolute;top:2px;height:8px;border-radius:4px;background:var(--accent);opacity:.3}
.band b{position:absolute;top:2px;width:8px;height:8px;margin-left:-4px;border-radius:4px;
  background:var(--accent)}
figure{break-inside:avoid}
figure svg{max-width:100%;height:auto}
blockquote{margin:0 0 14px;padding:2px 0 2px 14px;border-left:3px solid var(--hairline);
  break-inside:avoid}
blockquote p{margin:0;overflow-wrap:anywhere}
@media (max-width:560px){nav ol{columns:1}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}
  .drawn{display:none}}
@media print{main{max-width:none;padding:0}nav{display:none}body{font-size:11pt}h2{margin-top:28pt}
  *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@page{size:A4;margin:18mm}
"""

STYLE = (
    f":root{{color-scheme:light dark;{_variables(LIGHT)}}}\n"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}{_RULES}"
)
