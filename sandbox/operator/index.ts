/** The organisation's operator: steps by a person that no API offers. */
export { Operator, type OperatorOptions, type OrganisationScreens } from "./operator";
