"use strict";

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function reviewsOf(product) {
  const list = element("ul", { className: "reviews" }, element("li", {}, "Loading reviews…"));
  const request = new XMLHttpRequest();
  request.responseType = "json";
  request.addEventListener("load", () => {
    const reviews = request.response;
    list.replaceChildren(
      ...reviews.map((review) => element("li", {}, element("b", {}, "★".repeat(review.stars)), ` ${review.text} – ${review.by}`)),
    );
    if (reviews.length === 0) {
      list.replaceWith(element("p", {}, "No reviews yet."));
    }
  });
  request.addEventListener("error", () => list.replaceChildren(element("li", {}, "Reviews are not available.")));
  request.open("GET", `/api/reviews?product=${encodeURIComponent(product.id)}`);
  request.send();
  return list;
}

function card(product) {
  return element(
    "article",
    { id: `product-${product.id}` },
    element("h2", {}, element("a", { href: `/product/${product.id}` }, product.name)),
    element("p", {}, product.text),
    element("p", {}, element("strong", {}, `${product.price.toFixed(2)} €`), product.stock > 0 ? `, ${product.stock} in stock` : ", sold out"),
    reviewsOf(product),
  );
}

async function main() {
  const status = document.querySelector("#status");
  try {
    const response = await fetch("/api/products");
    if (!response.ok) {
      throw new Error(`status ${response.status}`);
    }
    const products = await response.json();
    const section = document.querySelector("#products");
    section.append(...products.map(card));
    section.hidden = false;
    status.textContent = `${products.length} products`;
  } catch (error) {
    status.textContent = `The products could not be loaded: ${error.message}`;
  }
}

main();
