import "airalo-balance/airalo-balance.css";

export const metadata = { title: "Panel", icons: "data:," };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
