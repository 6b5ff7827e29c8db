import { bootstrapApplication } from "@angular/platform-browser";
import { Panel } from "./panel";

bootstrapApplication(Panel);
