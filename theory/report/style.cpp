#include "report/page.hpp"

namespace mambound {

// Okabe and Ito's colours: blue for what holds, vermilion for what is refuted; a sign stands beside each. On dark ground, figures
// lend their black from the text.
const std::string_view page_style = R"css(
:root{color-scheme:light dark;--ground:#fff;--text:#1b1b1b;--soft:#555;--line:#ccc;--raised:#f5f5f3;--good:#005c92;--bad:#a84300;--open:#6b4e00}
@media (prefers-color-scheme:dark){:root{--ground:#16181a;--text:#e8e8e6;--soft:#a8acb0;--line:#3b4045;--raised:#1f2225;--good:#6cc0f2;--bad:#ff9a5c;--open:#e9bd4f}
svg [fill="black"],svg [fill="rgb(0,0,0)"]{fill:currentColor}
svg [color="black"]{color:inherit}
svg [color="white"]{color:var(--ground)}
svg [stroke="rgb(  0,   0,   0)"]{stroke:currentColor}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;padding:1rem clamp(.75rem,3vw,2.5rem) 3rem;max-width:110rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1rem 0 .25rem}
p,dl,ul{margin:.4rem 0;max-width:75ch}
a{color:var(--good)}
nav a{display:inline-block;margin-right:1rem;padding:.25rem 0}
.soft{color:var(--soft)}
.tally{font-size:1.1rem}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}
td.id{min-width:8.5rem}
.more>td{overflow-wrap:anywhere}
thead th{border-bottom:2px solid var(--line)}
tbody{border-bottom:1px solid var(--line)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th button,.id button,.tools button{font:inherit;color:inherit;background:none;border:0;padding:.2rem 0;text-align:left;cursor:pointer}
th button{font-weight:600}
th[aria-sort=ascending] button::after{content:" \25B2"}
th[aria-sort=descending] button::after{content:" \25BC"}
.id button{color:var(--good);font-family:ui-monospace,monospace;font-size:.92em;overflow-wrap:anywhere}
.id button::before{content:"+\a0"}
.id button[aria-expanded=true]::before{content:"\2212\a0"}
.tools button{border:1px solid var(--line);border-radius:.3rem;padding:.2rem .6rem;margin:0 .4rem .4rem 0}
button:focus-visible,a:focus-visible{outline:2px solid var(--good);outline-offset:2px}
.holds{color:var(--good)}.refuted{color:var(--bad)}.undecided,.not_applicable{color:var(--open)}
.status{font-weight:600;white-space:nowrap}
.more{background:var(--raised)}
.more>td{padding:.5rem 1rem 1rem}
dl{display:grid;grid-template-columns:8rem 1fr;gap:.15rem 1rem;max-width:100ch}
dt{color:var(--soft)}
dd{margin:0;min-width:0;overflow-wrap:anywhere}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,38rem),1fr));gap:1.5rem 2.5rem}
figure{margin:0;min-width:0}
.plot{overflow-x:auto}
.plot svg{display:block;width:100%;min-width:34rem;height:auto;max-width:60rem}
figcaption{font-size:.93rem;max-width:75ch}
figcaption a{white-space:nowrap}
.missing{border:1px dashed var(--line);padding:1rem;color:var(--open)}
td.wide:last-child{min-width:12rem;overflow-wrap:anywhere}
@media (min-width:80rem){td.id{white-space:nowrap}}
@media (max-width:72rem){.wide:not(:last-child){display:none}}
@media screen and (max-width:46rem){.wide{display:none}dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}td,th{padding-right:.4rem}.more>td{padding:.5rem .5rem 1rem}}
@media (max-width:30rem){td.id{min-width:6.5rem}.status{white-space:normal}thead th:nth-child(4),tbody tr:first-child td:nth-child(4){display:none}}
@media print{:root{color-scheme:light;--ground:#fff;--text:#000;--soft:#333;--line:#999;--raised:#fff;--good:#004a75;--bad:#8a3700;--open:#5a4200}
html{font-size:9pt}body{max-width:none;padding:0}nav,.tools,.wide{display:none}.id button[aria-expanded]::before{content:none}.more[hidden]{display:table-row}figure,tbody{break-inside:avoid}.plot{overflow:visible}.plot svg{min-width:0}
svg [fill="black"]{fill:#000}svg [color="white"]{color:#fff}svg [stroke="rgb(  0,   0,   0)"]{stroke:#000}svg [color="black"]{color:#000}}
)css";

const std::string_view page_script = R"js('use strict';
const table=document.getElementById('verdicts');
const open=(button,yes)=>{button.setAttribute('aria-expanded',yes);document.getElementById(button.getAttribute('aria-controls')).hidden=!yes;};
const rows=[...table.querySelectorAll('.id button')];
for(const button of rows)button.addEventListener('click',()=>open(button,button.getAttribute('aria-expanded')!=='true'));
document.getElementById('all').addEventListener('click',()=>{const yes=rows.some(b=>b.getAttribute('aria-expanded')!=='true');for(const b of rows)open(b,yes);});
const heads=[...table.tHead.rows[0].cells];
heads.forEach((head,column)=>head.querySelector('button').addEventListener('click',()=>{
  const down=head.getAttribute('aria-sort')==='ascending';
  for(const other of heads)other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort',down?'descending':'ascending');
  const key=body=>body.rows[0].cells[column].dataset.key;
  const numeric=head.classList.contains('number');
  const compare=(a,b)=>{
    const x=key(a),y=key(b);
    if(x===''||y==='')return (x==='')-(y==='');
    const up=numeric?(x===y?0:Number(x)<Number(y)?-1:1):x.localeCompare(y,'en',{numeric:true});
    return down?-up:up;
  };
  table.append(...[...table.tBodies].sort(compare));
}));
const target=()=>{const body=location.hash.length>1&&document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if(body&&body.tagName==='TBODY'){open(body.querySelector('.id button'),true);body.scrollIntoView();}};
addEventListener('hashchange',target);target();
)js";

}  // namespace mambound
