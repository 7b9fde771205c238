/** Short name of the table where a consumer keeps its cursors, as infra/aws/tables.yml has it: a view's are in the view. */
export const cursorTableOf = (consumer: string): string =>
  consumer.endsWith('-view') ? consumer : `cursors-${consumer}`;

/** Index of such a table: the streams that wait or are blocked, and no others. */
export const unsettledIndex = 'unsettled';
