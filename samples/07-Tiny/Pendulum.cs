namespace NetGen.Samples.Tiny;

/// <summary>
/// A rod of length 1 m and mass 1 kg on a motor too weak to lift it (2 N·m, where holding it level takes 5): it has to be swung. Angle 0 is
/// upright.
/// </summary>
/// <param name="Angle">Radians from upright.</param>
/// <param name="Velocity">Radians a second.</param>
internal readonly record struct Pendulum(double Angle, double Velocity)
{
    public const double LargestTorque = 2;

    /// <summary>Seconds between two decisions of the controller.</summary>
    public const double Period = 0.02;

    private const double Gravity = 10, Inertia = 1.0 / 3;

    /// <summary>The angle between −π and π.</summary>
    public double FromUpright => Math.IEEERemainder(Angle, 2 * Math.PI);

    public bool IsUpright => Math.Abs(FromUpright) < 0.2 && Math.Abs(Velocity) < 0.5;

    /// <summary>The state after one period under a torque, in ten small steps.</summary>
    /// <param name="share">Of the largest torque, −1 to 1.</param>
    public Pendulum After(double share)
    {
        const int Parts = 10;
        double angle = Angle, velocity = Velocity, torque = LargestTorque * Math.Clamp(share, -1, 1);
        for (int i = 0; i < Parts; i++)
        {
            // Half of the rod's length is the lever of its weight; a little friction.
            velocity += Period / Parts * (Gravity * 0.5 * Math.Sin(angle) + torque - 0.01 * velocity) / Inertia;
            angle += Period / Parts * velocity;
        }
        return new Pendulum(angle, velocity);
    }

    /// <summary>What the network sees.</summary>
    public void Observe(Span<float> input)
    {
        input[0] = (float)Math.Cos(Angle);
        input[1] = (float)Math.Sin(Angle);
        input[2] = (float)(Velocity / 8);
    }

    /// <summary>
    /// The teacher's torque, as a share: far from upright it gives the rod the energy it has up there, pushing the way it moves; near, it
    /// is a spring with a damper.
    /// </summary>
    public double Teacher()
    {
        double energy = 0.5 * Inertia * Velocity * Velocity + Gravity * 0.5 * (Math.Cos(Angle) - 1);
        double pump = -energy * Math.Tanh(4 * (Velocity + (Math.Abs(Velocity) < 0.05 ? 0.1 : 0)));
        double hold = -(14 * FromUpright + 3 * Velocity) / LargestTorque;
        // From one to the other over a band, so that the function is smooth.
        double near = 1 / (1 + Math.Exp(12 * (Math.Abs(FromUpright) + 0.15 * Math.Abs(Velocity) - 0.55)));
        return Math.Tanh(near * hold + (1 - near) * pump);
    }
}
