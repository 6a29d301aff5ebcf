import { lowerKeys } from './columns.ts';
import { at, type Fields, fieldsOrJson, listAt, textAt } from './fields.ts';

/** A record of Azure's resource logs with its keys in lower case, its properties unpacked. */
export interface AzureLogRow {
  readonly row: Fields;
  readonly properties: Fields;
}

/**
 * The rows of one category that a record holds: itself, as storage accounts and Log Analytics write it,
 * or those of an Event Hubs message. Empty where it is no record of an Azure OpenAI resource.
 */
export function azureLogRows(record: unknown, category: string): readonly AzureLogRow[] {
  const records = listAt(record, 'records');
  return (records.length > 0 ? records : [record])
    .filter(
      (each) => textAt(each, 'category') === category || textAt(each, 'Category') === category,
    )
    .map((each) => {
      const row = lowerKeys(each);
      const packed = at(row, 'properties') ?? at(row, 'properties_s');
      return { row, properties: lowerKeys(fieldsOrJson(packed)) };
    })
    .filter(
      ({ row, properties }) =>
        at(properties, 'modeldeploymentname') !== undefined ||
        at(properties, 'modelname') !== undefined ||
        /microsoft\.cognitiveservices/i.test(textAt(row, 'resourceid') ?? ''),
    );
}
