/* The ballot: what the choices come to, counted as they are pressed; and the code of a letter, which its square wrote after the « # ». */
const line = document.querySelector("#sums");
const boxes = [...document.querySelectorAll('input[name="choices"]')];
const euros = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR", minimumFractionDigits: 0 });

function count() {
  const chosen = boxes.filter((box) => box.checked);
  const cents = chosen.reduce((sum, box) => sum + Number(box.dataset.cents), 0);
  line.querySelector("[data-chosen]").textContent = chosen.length;
  line.querySelector("[data-left]").textContent = Math.max(0, Number(line.dataset.most) - chosen.length);
  line.querySelector("[data-cost]").textContent = euros.format(cents / 100);
}

if (line) {
  boxes.forEach((box) => box.addEventListener("change", count));
  window.addEventListener("pageshow", count);
}

const field = document.querySelector('input[name="code"]');
if (field && /^#[2-9A-Z-]{10,40}$/.test(location.hash)) {
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
