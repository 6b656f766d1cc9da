/** The GraphQL documents for reminder rules. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment ReminderRuleFields on ReminderRule {
    daysFromEnd
    trialHours
    hour
    channel
    template
  }
`);

export const RemindersDocument = graphql(`
  query Reminders {
    viewer {
      reminderRules { ...ReminderRuleFields }
      reminderChannels { channel problem }
      reminderFields { name example }
    }
  }
`);

export const SetReminderRulesDocument = graphql(`
  mutation SetReminderRules($input: SetReminderRulesInput!) {
    setReminderRules(input: $input) {
      ... on SetReminderRulesPayload { reminderRules { ...ReminderRuleFields } }
      ...Refusal
    }
  }
`);
