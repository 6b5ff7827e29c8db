import "airalo-balance";
import "airalo-balance/airalo-balance.css";
import { AiraloBalanceElement } from "airalo-balance/element";

window.isOneClass = customElements.get("airalo-balance") === AiraloBalanceElement;
