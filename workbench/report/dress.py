"""How the report looks and the few lines of script that move between its steps; both go into the page as they are."""

STYLE = """
:root { color-scheme: light dark; --page: #f4f5f7; --card: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4;
  --well: #eceef1; --done: #1a7f37; --failed: #c4161c; --skipped: #5b6570; --repaired: #8a5a00; --would-do: #0a5cc2;
  --element: #0b63ce; --crop: #0a7d6c; --text: #b45309; --model: #7c3aed; --person: #c0277b; --recorded: #4b5563;
  --acted: #d1121f; --shade: 0 1px 2px rgb(27 31 36 / 8%), 0 4px 16px rgb(27 31 36 / 5%); }
@media (prefers-color-scheme: dark) {
  :root { --page: #0e1116; --card: #171b22; --ink: #e6e9ee; --soft: #9aa5b1; --line: #2c333d; --well: #0b0e13;
    --done: #4cc26b; --failed: #ff7b7b; --skipped: #a3adb8; --repaired: #e0a93b; --would-do: #6cb0ff; --shade: none; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 9rem; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
h1, h2, p, dl, dd, ol, ul, figure { margin: 0; padding: 0; }
a { color: inherit; }
:focus-visible { outline: 3px solid var(--would-do); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 9; }
.album { position: absolute; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top, main, footer { max-width: 78rem; margin: 0 auto; padding: 0 1.5rem; }
.top { padding-top: 2.5rem; padding-bottom: 1.5rem; }
.kicker { color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
h1 { font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
.outcome { margin: 1rem 0; padding: .8rem 1.1rem; border-radius: .6rem; font-size: 1.1rem; font-weight: 600;
  overflow-wrap: anywhere; border: 1px solid; border-left-width: .5rem; background: var(--card); }
.outcome.finished { color: var(--done); }
.outcome.failed { color: var(--failed); }
.outcome.stopped { color: var(--repaired); }
.top dl { display: flex; flex-wrap: wrap; gap: .5rem 2.2rem; }
dt { color: var(--soft); font-size: .8rem; }
dd { overflow-wrap: anywhere; }

.strip { position: sticky; top: 0; z-index: 3; background: var(--page); border-block: 1px solid var(--line); }
.strip ol { display: flex; gap: .6rem; overflow-x: auto; padding: .6rem 1.5rem; list-style: none;
  scrollbar-width: thin; }
.strip li { flex: 0 0 8.5rem; }
.strip a { display: grid; grid-template-columns: auto 1fr; gap: .1rem .4rem; align-items: center;
  text-decoration: none; border-radius: .4rem; }
.strip svg, .blank { grid-column: 1 / -1; display: block; width: 100%; height: 4.6rem; background: var(--well);
  border: 1px solid var(--line); border-bottom: 4px solid var(--mark); border-radius: .35rem; }
.blank { display: grid; place-items: center; color: var(--soft); font-size: .75rem; }
.strip .number { font-weight: 700; font-size: .8rem; color: var(--mark); }
.strip .words { font-size: .72rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; color: var(--soft); }
.strip a:hover svg { border-color: var(--mark); }
.done { --mark: var(--done); } .failed { --mark: var(--failed); } .skipped { --mark: var(--skipped); }
.repaired { --mark: var(--repaired); } .would-do { --mark: var(--would-do); }

main { padding-top: 1.5rem; padding-bottom: 1rem; display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
.step { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1.2rem 1.4rem;
  box-shadow: var(--shade); }
.step.failed { border-color: var(--failed); }
.step:focus { outline: none; }
.step:target, .step:has(:target) { border-color: var(--mark); }
.step > header { display: flex; gap: .8rem; align-items: center; margin-bottom: 1rem; }
.step > header .number { flex: none; min-width: 2.1rem; height: 2.1rem; padding: 0 .5rem; display: grid;
  place-items: center; border-radius: 1.1rem; border: 2px solid var(--mark); color: var(--mark); font-weight: 700; }
h2 { font-size: 1.15rem; line-height: 1.3; flex: 1; overflow-wrap: anywhere; }
.chip { flex: none; color: var(--mark); border: 1px solid; border-radius: 1rem; padding: .05rem .7rem;
  font-size: .85rem; font-weight: 600; }
.trouble, .remark { margin-bottom: 1rem; padding: .7rem 1rem; border-left: .3rem solid var(--mark);
  background: var(--page); border-radius: 0 .4rem .4rem 0; overflow-wrap: anywhere; }
.trouble ul, .remark ul { padding-left: 1.2rem; }
.message { font-weight: 600; }

.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1rem; }
.pictures:has(> :nth-child(4):last-child) { grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); }
figure { min-width: 0; }
.opener { display: block; cursor: zoom-in; border-radius: .4rem; }
.opener svg { display: block; width: 100%; aspect-ratio: 16 / 10; background: var(--well);
  border: 1px solid var(--line); border-radius: .4rem; }
.missing { padding: 2rem 1rem; text-align: center; color: var(--soft); background: var(--well);
  border: 1px dashed var(--line); border-radius: .4rem; overflow-wrap: anywhere; }
figcaption { margin-top: .3rem; font-size: .85rem; }
.closer { display: none; }
figure:target { position: fixed; inset: 0; z-index: 5; display: flex; flex-direction: column; padding: 1rem;
  background: var(--page); }
figure:target .opener { flex: 1; min-height: 0; cursor: default; }
figure:target .opener svg { width: 100%; height: 100%; aspect-ratio: auto; }
figure:target .closer { display: block; align-self: flex-end; padding: .2rem 1rem .4rem; font-weight: 600; }
figure:target figcaption { text-align: center; font-size: 1rem; }
figure:target .legend { justify-content: center; }

.halo { fill: none; stroke: #ffffff; stroke-width: 5px; vector-effect: non-scaling-stroke; opacity: .85; }
.mark { fill: none; stroke-width: 2.5px; vector-effect: non-scaling-stroke; }
.mark.recorded { stroke: var(--recorded); stroke-dasharray: 3 3; }
.mark.changed { stroke: var(--crop); stroke-dasharray: 8 4; }
.mark.view { stroke: var(--would-do); stroke-width: 2px; }
.mark.element { stroke: var(--element); }
.mark.crop { stroke: var(--crop); stroke-dasharray: 12 4; }
.mark.text { stroke: var(--text); stroke-dasharray: 6 3; }
.mark.model { stroke: var(--model); }
.mark.person { stroke: var(--person); }
circle.acted, path.acted { fill: none; stroke: var(--acted); stroke-width: 2.5px; vector-effect: non-scaling-stroke; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; list-style: none; color: var(--soft); }
.swatch { display: inline-block; width: .95em; height: .7em; margin-right: .35em;
  border: 2.5px solid; border-radius: 2px; }
.swatch.recorded { border: 2px dotted var(--recorded); background: #ffffff; }
.swatch.changed { border: 2px dashed var(--crop); }
.swatch.element { color: var(--element); }
.swatch.crop { color: var(--crop); }
.swatch.text { color: var(--text); }
.swatch.model { color: var(--model); }
.swatch.person { color: var(--person); }
.swatch.acted { color: var(--acted); border-radius: 50%; width: .8em; height: .8em; }

.facts { display: flex; flex-wrap: wrap; gap: .6rem 2.2rem; margin-top: 1rem; }
.facts div { max-width: 100%; }
pre { margin: 0; padding: .1rem .5rem; background: var(--page); border: 1px solid var(--line); border-radius: .3rem;
  font: .9rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.secret { padding: .1rem .6rem; border-radius: .3rem; background: var(--ink); color: var(--card); font-size: .9rem; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--soft); }
.scores { overflow-x: auto; margin-top: .5rem; }
.scores p { margin-top: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
thead th { color: var(--soft); font-size: .8rem; }
td:last-child { min-width: 14rem; }
meter { width: 4rem; vertical-align: middle; }
.answer { font-weight: 600; white-space: nowrap; }
.answer.found { color: var(--done); }
.answer.veto { color: var(--failed); }
.answer.absent { color: var(--repaired); }
footer { color: var(--soft); font-size: .85rem; padding-bottom: 3rem; }
.empty { color: var(--soft); text-align: center; padding: 3rem; }

@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { color-scheme: light; }
  .strip { position: static; } .strip ol { flex-wrap: wrap; }
  .step, figure, .scores { break-inside: avoid; } .step { box-shadow: none; }
  footer, .skip, .closer { display: none; }
  figure:target { position: static; padding: 0; }
}
"""

SCRIPT = """
(() => {
  const go = (hash) => { history.replaceState(null, "", location.pathname + location.search); location.hash = hash; };
  const open = () => document.querySelector("figure:target");
  const beside = (list, here, by) => list[Math.min(list.length - 1, Math.max(0, list.indexOf(here) + by))];
  const current = (steps) => {
    const line = innerHeight / 3;
    return steps.filter((step) => step.getBoundingClientRect().top <= line).pop();
  };
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const figure = open();
    if (event.key === "Escape" && figure) return go("#" + figure.closest("article").id);
    if (!by || (!figure && event.target.closest(".strip"))) return;
    const list = [...document.querySelectorAll(figure ? "figure" : "article.step")];
    if (!list.length) return;
    const here = figure || current(list);
    event.preventDefault();
    const next = here ? beside(list, here, by) : list[0];
    go("#" + next.id);
    if (!figure) next.focus({ preventScroll: true });
  });
  addEventListener("click", (event) => {
    const figure = event.target.closest("figure:target");
    if (!figure || event.target.closest(".closer")) return;
    event.preventDefault();
    go("#" + figure.closest("article").id);
  });
})();
"""
