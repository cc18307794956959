/* « Près de moi »: asks the browser once, rounds to about a kilometre, and goes to the same page with the place in its address. */
const button = document.querySelector("[data-near]");
const words = document.querySelector("[data-near-words]");

if (button && navigator.geolocation) {
  button.hidden = words.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const address = new URL(button.dataset.address, location.href);
        address.searchParams.set("autour", `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`);
        location.href = address;
      },
      () => { words.textContent = button.dataset.refused; button.disabled = false; },
      { maximumAge: 600_000, timeout: 10_000 },
    );
  });
}
