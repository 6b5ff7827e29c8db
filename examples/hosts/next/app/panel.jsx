"use client";

import { useState } from "react";
import { Credit } from "./credit";

export function Panel() {
  const [low, setLow] = useState(100);
  const [level, setLevel] = useState("ok");
  const [isShown, setShown] = useState(true);
  return (
    <>
      <p>
        <button onClick={() => setLow(500)}>Warn earlier</button>
        <button onClick={() => setShown(!isShown)}>{isShown ? "Hide" : "Show"}</button>
        Level: <output>{level}</output>
      </p>
      {isShown && <Credit low={low} onLevel={setLevel} />}
    </>
  );
}
