import { serve } from "../../../providers/lib/serve";
import { awsProvider } from "./provider";

void serve(awsProvider());
