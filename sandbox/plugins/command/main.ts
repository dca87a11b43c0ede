import { serve } from "../../../providers/lib/serve";
import { commandProvider } from "./provider";

void serve(commandProvider());
