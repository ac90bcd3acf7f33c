import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { keepUp } from "./keep-up";

mount(App, { target: document.getElementById("app")! });
keepUp();
