namespace NetGen.Samples;

/// <summary>Tells how stable the grid is from its twelve numbers. What it learns is smooth, and so are its layers.</summary>
[Network(Columns)]
[Linear(Width), SiLU, Linear(Width), SiLU, Linear(Width), SiLU, Linear(1), MSELoss]
internal sealed partial class StabilityNet
{
    internal const int Columns = 12, Width = 128;
}
