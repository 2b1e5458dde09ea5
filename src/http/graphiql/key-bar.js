// Runs in the page before GraphiQL does: sends the key of the bar, and shows whose it is.
{
  const field = document.querySelector("#api-key");
  const toggle = document.querySelector("#show-key");
  const viewer = document.querySelector("#viewer");

  /**
   * The key is in the field and nowhere else, so it ends with the tab. What no header may hold is in no
   * key either: it is replaced, and the server answers as to any other mistyped key.
   */
  const key = () => field.value.trim().replaceAll(/[^\x21-\x7e]/g, "?");

  openKeptTab();

  const endpoint = location.origin + location.pathname;

  /** Two credentials are refused, so one that is typed under Headers is sent instead of the bar's. */
  const isForBar = ({ url, headers }) =>
    url === endpoint && !headers.has("X-API-Key") && !headers.has("Authorization");

  // GraphiQL looks `fetch` up at each request.
  const send = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (key() !== "" && isForBar(request)) request.headers.set("Authorization", `Bearer ${key()}`);
    document.body.classList.remove("stale-answer");
    return send(request);
  };

  function say(text, isRefused) {
    viewer.textContent = text;
    viewer.toggleAttribute("data-refused", isRefused);
  }

  /** Says as whom the key of the bar acts, in the server's words where it acts as nobody. */
  async function showViewer() {
    const asked = key();
    if (asked === "") return say("anonymous", false);
    const [text, isRefused] = await viewerOfKey().catch((error) => [error.message, true]);
    if (key() === asked) say(text, isRefused);
  }

  async function viewerOfKey() {
    const response = await send(endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${key()}` },
      body: JSON.stringify({ query: "query Viewer { viewer { name roles } }" }),
    });
    const { data, errors } = await response.json();
    if (!data?.viewer) return [errors[0].message, true];
    const { name, roles } = data.viewer;
    return [`${name} · roles: ${roles.join(", ") || "none"}`, false];
  }

  let pause;
  field.addEventListener("input", () => {
    say("…", false);
    // What is shown beside the query was answered to somebody else.
    document.body.classList.add("stale-answer");
    clearTimeout(pause);
    // One who types is not asked about at every letter.
    pause = setTimeout(() => void showViewer(), 200);
  });

  toggle.addEventListener("click", () => {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    toggle.textContent = isShown ? "Show key" : "Hide key";
  });

  /**
   * GraphiQL looks for the tab that it opens by the query that was last typed. Where nobody has typed yet, it
   * would open an empty one beside those that it kept.
   */
  function openKeptTab() {
    if (localStorage.getItem("graphiql:query")) return;
    const { tabs = [], activeTabIndex = 0 } = JSON.parse(
      localStorage.getItem("graphiql:tabState") ?? "{}",
    );
    const tab = tabs[activeTabIndex];
    if (!tab?.query) return;
    localStorage.setItem("graphiql:query", tab.query);
    if (tab.variables) localStorage.setItem("graphiql:variables", tab.variables);
  }

  // Some browsers bring back what was in a field when a page is loaded again.
  void showViewer();
}
