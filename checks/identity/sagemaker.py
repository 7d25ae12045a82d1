"""What the users of SageMaker may do."""

from auditor import MEDIUM, Findings, check
from auditor.resources.sagemaker import NotebookInstance


@check(
    "sagemaker-notebook-root-access",
    title="Users have no root access on notebook instances",
    severity=MEDIUM,
    fixable="stops a running notebook instance to change it",
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, RoleArn: role}",
        "AWS::SageMaker::NotebookInstance: {RootAccess: Enabled}",
    ),
    good="AWS::SageMaker::NotebookInstance: {RootAccess: Disabled}",
)
def notebook_root_access(notebook: NotebookInstance) -> Findings:
    """With root, whoever uses a notebook can switch off its safeguards and read what other users left on it.

    Fix: set RootAccess to Disabled and install what is needed in a lifecycle configuration, which still runs as root.
    """
    if notebook.root_access == "Enabled":
        yield notebook.fail("gives its users root access", at="root_access", expected="Disabled")
