import "airalo-balance";
import { configure } from "airalo-balance/element";

configure({ assetBase: "/assets" });
