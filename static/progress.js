// Watches something being made: moves the bar, and loads the page anew when it is done.
const WORKING = ["asked", "compiling", "checking", "applying", "making"];
const box = document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { state, done, total } = await answer.json();
    if (WORKING.indexOf(state) < 0) {
      location.reload();
      return;
    }
    box.querySelector("progress").value = done;
    box.querySelector("[data-percent]").textContent = String(Math.round((100 * done) / total));
    setTimeout(look, 1000);
  } catch {
    setTimeout(look, 5000); // the link is down: the work goes on without us, so ask again later
  }
}

if (box) setTimeout(look, 1000);
