/* A draft that saves itself: <form data-autosave>, a [data-saved] line, and an element #verdict that is judged again. */
const PAUSE_MS = 1500;

for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);

function watch(form) {
  const line = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  let timer = 0;
  let running = null;

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  }

  async function save() {
    running?.abort();
    const own = (running = new AbortController());
    try {
      const answer = await fetch(form.getAttribute("action") || location.href, {
        method: "POST",
        body: typed(form),
        headers: { "X-Draft": "1", "X-CSRFToken": form.elements.csrf_token?.value ?? "" },
        signal: own.signal,
      });
      if (!answer.ok || isElsewhere(answer, form)) throw new Error(String(answer.status));
      say(line, `${line?.dataset.done} ${time()}`, await show(answer));
    } catch (error) {
      if (error.name !== "AbortError") say(line, line?.dataset.failed);
    }
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { clearTimeout(timer); running?.abort(); });
}

/* What is written, without the files: those travel once, with the button. */
function typed(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

/* Sent to another page (sign-in): nothing was saved. */
function isElsewhere(answer, form) {
  const asked = new URL(form.getAttribute("action") || location.href, location.href);
  return answer.redirected && ![asked.pathname, location.pathname].includes(new URL(answer.url).pathname);
}

/* Puts the new verdict in place of the old one; returns its summary, to be said aloud. */
async function show(answer) {
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) return "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#verdict");
  const old = document.querySelector("#verdict");
  if (!fresh || !old) return "";
  if (fresh.textContent === old.textContent) return "";
  old.replaceWith(document.importNode(fresh, true));
  return fresh.querySelector("[data-summary]")?.textContent ?? "";
}

function time() {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());
}

function say(line, ...parts) {
  if (line) line.textContent = parts.filter(Boolean).join(". ");
}
