import { useState } from "react";
import { Credit } from "./Credit.jsx";

export function App() {
  const [low, setLow] = useState(100);
  const [level, setLevel] = useState("ok");
  const [isShown, setShown] = useState(true);
  return (
    <>
      <h1>Orders</h1>
      <p>
        <button onClick={() => setLow(500)}>Warn earlier</button>
        <button onClick={() => setShown(!isShown)}>{isShown ? "Hide" : "Show"}</button>
        Level: <output>{level}</output>
      </p>
      {isShown && <Credit low={low} onLevel={setLevel} />}
    </>
  );
}
