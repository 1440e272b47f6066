/** An error that a service answers with, by the code its SDK client knows. */
export class ServiceFault extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ServiceFault';
    this.code = code;
    this.status = status;
  }
}
