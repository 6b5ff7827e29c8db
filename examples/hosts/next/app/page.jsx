import { Panel } from "./panel";

export default function Page() {
  return (
    <>
      <h1>Orders</h1>
      <Panel />
    </>
  );
}
