// Lines to type for a run and its models.

export function continuing(server: string, runId: string): string[] {
  return [
    "import cumulog",
    "",
    `cumulog.set_tracking_uri("${server}")`,
    `with cumulog.start_run(run_id="${runId}"):`,
    '    cumulog.log_metric("loss", 0.5, step=1)',
  ];
}

export function reading(server: string, runId: string): string[] {
  return [
    "import mlflow",
    "",
    `mlflow.set_tracking_uri("${server}")`,
    `run = mlflow.get_run("${runId}")`,
    "run.data.params, run.data.metrics",
    `mlflow.artifacts.download_artifacts("runs:/${runId}/", dst_path="files")`,
  ];
}

export function loading(server: string, modelId: string, needsTrust: boolean): string[] {
  return [
    "import cumulog",
    "",
    `cumulog.set_tracking_uri("${server}")`,
    `model = cumulog.load_model("models:/${modelId}"${needsTrust ? ", trust=True" : ""})`,
    "model.predict(features)",
  ];
}

export function registering(server: string, modelId: string, name: string): string[] {
  return [
    "import cumulog",
    "",
    `cumulog.set_tracking_uri("${server}")`,
    `cumulog.register_model("models:/${modelId}", ${JSON.stringify(name)})`,
  ];
}

export function loadingByMlflow(server: string, modelId: string): string[] {
  return [
    "import mlflow",
    "",
    `mlflow.set_tracking_uri("${server}")`,
    `model = mlflow.pyfunc.load_model("models:/${modelId}")`,
    "model.predict(features)",
  ];
}
