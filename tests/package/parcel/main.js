import "airalo-balance";
import { AiraloBalanceElement } from "airalo-balance/element";

window.isOneClass = customElements.get("airalo-balance") === AiraloBalanceElement;
