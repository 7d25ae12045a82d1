# bad
resource "aws_datapipeline_pipeline" "load" {
  name = "load"
}

resource "aws_datapipeline_pipeline_definition" "load" {
  pipeline_id = aws_datapipeline_pipeline.load.id

  pipeline_object {
    id   = "features"
    name = "features"

    field {
      key          = "type"
      string_value = "RdsDatabase"
    }
    field {
      key          = "*password"
      string_value = "hunter2"
    }
  }
}

# bad
resource "aws_datapipeline_pipeline" "load" {
  name = "load"
}

resource "aws_datapipeline_pipeline_definition" "load" {
  pipeline_id = aws_datapipeline_pipeline.load.id

  pipeline_object {
    id   = "Default"
    name = "Default"
  }

  parameter_value {
    id           = "myDbPassword"
    string_value = "hunter2"
  }
}

# good
resource "aws_datapipeline_pipeline" "load" {
  name = "load"
}

resource "aws_datapipeline_pipeline_definition" "load" {
  pipeline_id = aws_datapipeline_pipeline.load.id

  pipeline_object {
    id   = "features"
    name = "features"

    field {
      key          = "type"
      string_value = "RdsDatabase"
    }
    field {
      key          = "*password"
      string_value = "#{*myDbPassword}"
    }
  }

  parameter_value {
    id           = "myBucket"
    string_value = "s3://features-of-ours"
  }
}
