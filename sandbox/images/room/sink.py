"""The sink's first file: the ground is laid while the rest is loaded."""

import sink_ground

if __name__ == "__main__":
    ground = sink_ground.Ground()
    import sink_world

    sink_world.begin(ground)
