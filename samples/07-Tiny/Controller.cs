namespace NetGen.Samples.Tiny;

/// <summary>
/// Swings a pendulum up and holds it there. Input: cosine and sine of the angle from upright, and the angular velocity divided by 8.
/// Output: the torque, as a share of the motor's largest, from −1 to 1.
/// </summary>
[Network(3)]
[Linear(16), Tanh]
[Linear(16), Tanh]
[Linear(1), Tanh]
[MSELoss]
[Budget(MaxParameters = 400)]
public sealed partial class Controller;
