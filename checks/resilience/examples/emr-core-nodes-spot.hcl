# bad
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"

  master_instance_group {
    instance_type = "m7g.xlarge"
  }

  core_instance_group {
    instance_type  = "m7g.xlarge"
    instance_count = 4
    bid_price      = "0.2"
  }
}

# bad
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"

  master_instance_group {
    instance_type = "m7g.xlarge"
    bid_price     = "0.2"
  }

  core_instance_group {
    instance_type  = "m7g.xlarge"
    instance_count = 4
  }
}

# bad
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"

  master_instance_fleet {
    target_on_demand_capacity = 1

    instance_type_configs {
      instance_type = "m7g.xlarge"
    }
  }

  core_instance_fleet {
    target_spot_capacity = 4

    instance_type_configs {
      instance_type = "m7g.xlarge"
    }

    instance_type_configs {
      instance_type = "m6g.xlarge"
    }
  }
}

# good
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"

  master_instance_group {
    instance_type = "m7g.xlarge"
  }

  core_instance_group {
    instance_type  = "m7g.xlarge"
    instance_count = 4
  }
}

resource "aws_emr_instance_group" "tasks" {
  cluster_id     = aws_emr_cluster.features.id
  instance_type  = "m7g.xlarge"
  instance_count = 8
  bid_price      = "0.2"
}

# good
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"

  master_instance_fleet {
    target_on_demand_capacity = 1

    instance_type_configs {
      instance_type = "m7g.xlarge"
    }
  }

  core_instance_fleet {
    target_on_demand_capacity = 4

    instance_type_configs {
      instance_type = "m7g.xlarge"
    }
  }
}

resource "aws_emr_instance_fleet" "tasks" {
  cluster_id           = aws_emr_cluster.features.id
  target_spot_capacity = 8

  instance_type_configs {
    instance_type = "m7g.xlarge"
  }

  instance_type_configs {
    instance_type = "m6g.xlarge"
  }
}
