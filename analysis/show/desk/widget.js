// The desk in a notebook: questions go to the kernel as messages, the selection travels as state.

function render({ model, el: root }) {
  const waiting = new Map();
  let number = 0;
  const ask = (question) => new Promise((answered) => {
    waiting.set(++number, answered);
    model.send({ id: number, question });
  });
  const hear = (message) => {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  };
  model.on("msg:custom", hear);
  const desk = openDesk(root, ask, {
    selection: model.get("selection"),
    onSelect: (selection) => { model.set("selection", selection); model.save_changes(); },
  });
  const select = () => desk.select(model.get("selection"));
  const refresh = () => desk.refresh();
  model.on("change:selection", select);
  model.on("change:turn", refresh);
  return () => {
    model.off("msg:custom", hear);
    model.off("change:selection", select);
    model.off("change:turn", refresh);
    desk.close();
  };
}

export default { render };
