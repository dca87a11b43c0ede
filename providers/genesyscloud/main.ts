import { serve } from "../lib/serve";
import { genesyscloud } from "./provider";

void serve(genesyscloud);
