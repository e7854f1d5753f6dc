// What the list of API keys gains where scripts run; without this file everything still works.
(() => {
  "use strict";

  const boxes = [...document.querySelectorAll("[name=key][form=bulk]")];
  const all = document.getElementById("select-all");
  const announce = () => {
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && !all.checked;
    document.getElementById("announcement").textContent = `${count} selected`;
  };
  if (all && boxes.length) {
    all.parentElement.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      announce();
    });
    for (const box of boxes) box.addEventListener("change", announce);
  }

  // An open menu closes with Escape, with a click elsewhere, and when the focus leaves it.
  const opened = () => document.querySelector(".menu[open]");
  document.addEventListener("keydown", (event) => {
    const menu = opened();
    if (event.key !== "Escape" || !menu || document.querySelector("dialog[open]")) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const name of ["pointerdown", "focusin"]) {
    document.addEventListener(name, ({ target }) => {
      const menu = opened();
      if (menu && !menu.contains(target) && !target.closest("dialog")) menu.open = false;
    });
  }
})();
