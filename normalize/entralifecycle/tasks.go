package entralifecycle

import (
	"strings"

	"github.com/runledger/runledger/model"
)

// taskOf returns the type of a built-in task by its definition, which has the
// same id in every tenant.
func taskOf(definition string) model.TaskType {
	switch strings.ToLower(definition) {
	case "22085229-5809-45e8-97fd-270d28d66910", // add user to groups
		"e440ed8d-25a1-4618-84ce-091ed5be5594": // add user to teams
		return model.TaskGroupAdd
	case "1953a66c-751c-45e5-8bfe-01462c70da3c", // remove user from selected groups
		"b3a31406-2a15-4c9a-b25b-a658fa5f07fc", // remove user from all groups
		"06aa7acb-01af-4824-8899-b14e5ed788d6", // remove user from selected teams
		"81f7b200-2816-4b3b-8c5d-dc556f07b024": // remove user from all teams
		return model.TaskGroupRemove
	case "6fc52c9d-398b-4305-9763-15f42c1676fc": // enable user account
		return model.TaskUserReactivate
	case "1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950": // disable user account
		return model.TaskUserDeactivate
	case "8d18588d-9ad3-4c0f-99d0-ec215f0e3dff": // delete user
		return model.TaskUserDelete
	case "683c87a4-2ad4-420b-97d4-220d90afcd24": // assign licenses
		return model.TaskLicenseAssign
	case "8fa97d28-3e52-4985-b3a9-a1126f9b8b4e", // remove all licenses
		"5fc402a8-daaf-4b7b-9203-da868b05fc5f": // remove selected licenses
		return model.TaskLicenseRevoke
	case "c1ec1e76-f374-4375-aaa6-0bb6bd4c60be", // request an access package
		"4a0b64f2-c7ec-46ba-b117-18f262946c50", // remove an access package
		"42ae2956-193d-4f39-be06-691b8ac4fa1d", // remove all access packages
		"498770d9-bab7-4e4c-b73d-5ded82a1d0b3": // cancel requests for access packages
		return model.TaskRoleUpdate
	case "509589a4-0466-4471-829e-49c5e502bdee": // revoke all refresh tokens
		return model.TaskSessionRevoke
	case "1b555e50-7f65-41d5-b514-5894a026d10d": // generate a temporary access pass and send it
		return model.TaskCredentialRotate
	case "70b29d51-b59a-4773-9280-8841dfd3f2ea", // send welcome email
		"3c860712-2d37-42a4-928f-5c93935d26a1", // send onboarding reminder
		"aab41899-9972-422a-9d97-f626014578b7", // tell the manager of a move
		"52853a3e-f4e5-4eb8-bb24-1ac09a1da935", // email before the last day
		"9c0a1eaf-5bda-4392-9d9e-6e155bb57411", // email on the last day
		"6f22ddd4-b3a5-47a4-a846-0d7c201a49ce", // email after the last day
		"92f74cb4-f1b6-4ec0-b766-96210f56edc2": // email about inactivity
		return model.TaskNotify
	case "4262b724-8dba-4fad-afc3-43fcbb497a0e": // run a custom task extension: a logic app
		return model.TaskHTTP
	default:
		return model.TaskOther
	}
}
