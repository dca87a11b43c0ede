import { gatePolicy } from "./policy";

export const organisationAnswers = gatePolicy("organisation-answers", "The organisation that answers is the plan's.");
