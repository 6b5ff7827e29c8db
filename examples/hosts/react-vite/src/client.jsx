import "airalo-balance/airalo-balance.css";
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App } from "./App.jsx";

const place = document.querySelector("#app");
const app = (
  <StrictMode>
    <App />
  </StrictMode>
);

// Vite's server for development renders nothing.
if (place.firstElementChild) hydrateRoot(place, app);
else createRoot(place).render(app);
