import { Cards } from "./cards";

export default function Page() {
  return <Cards />;
}
