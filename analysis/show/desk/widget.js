// The desk in a notebook: questions go to the kernel as messages, the selection travels as state.

function render({ model, el: root }) {
  const asked = kernelAnswers(model, () => desk.refresh());
  const desk = openDesk(root, asked.ask, {
    selection: model.get("selection"),
    onSelect: (selection) => { model.set("selection", selection); model.save_changes(); },
  });
  const select = () => desk.select(model.get("selection"));
  const refresh = () => { asked.forget(); desk.refresh(); };
  model.on("change:selection", select);
  model.on("change:turn", refresh);
  return () => {
    asked.close();
    model.off("change:selection", select);
    model.off("change:turn", refresh);
    desk.close();
  };
}

const MOST_KEPT = 60; // answers of at most some 50 KB each

/**
 * Answers from the kernel. What it answered once needs no second journey, nor do the first answers, which came with
 * the widget. A change forgets them all; one made at another copy of this desk calls `changed` here.
 */
function kernelAnswers(model, changed) {
  const here = crypto.getRandomValues(new Uint32Array(2)).join("-"); // all copies of a desk hear every answer
  const waiting = new Map();
  const known = new Map(model.get("opening").map(([question, answer]) => [keyOf(question), answer]));
  let number = 0;

  function ask(question) {
    const key = keyOf(question);
    if (known.has(key)) return Promise.resolve(known.get(key));
    const id = `${here}-${++number}`;
    return new Promise((answered) => {
      waiting.set(id, { key, answered });
      model.send({ id, question });
    });
  }

  function hear({ id, answer, changes }) {
    const mine = waiting.get(id);
    waiting.delete(id);
    if (changes) known.clear();
    else if (mine && !answer.error) keep(mine.key, answer);
    if (mine) mine.answered(answer);
    else if (changes) changed();
  }

  function keep(key, answer) {
    known.set(key, answer);
    if (known.size > MOST_KEPT) known.delete(known.keys().next().value);
  }

  model.on("msg:custom", hear);
  return { ask, forget: () => known.clear(), close: () => model.off("msg:custom", hear) };
}

function keyOf(question) {
  return JSON.stringify(Object.entries(question).sort());
}

export default { render };
