import { serve } from "../lib/serve";
import { carrierProvider } from "./resources";

void serve(carrierProvider());
