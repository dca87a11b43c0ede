import { serve } from "../lib/serve";
import { gatesProvider } from "./resources";

void serve(gatesProvider());
