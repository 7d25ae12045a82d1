# bad
resource "aws_datapipeline_pipeline" "nightly" {
  name = "nightly"
}

resource "aws_datapipeline_pipeline_definition" "nightly" {
  pipeline_id = aws_datapipeline_pipeline.nightly.id

  pipeline_object {
    id   = "Default"
    name = "Default"

    field {
      key          = "scheduleType"
      string_value = "ondemand"
    }
  }
}

# good
resource "aws_datapipeline_pipeline" "nightly" {
  name = "nightly"
}
