// Once the first rows are on the screen, the rest of them may come (static/styles/4-lists.css).
requestAnimationFrame(() => setTimeout(() => document.documentElement.classList.add("painted")));
