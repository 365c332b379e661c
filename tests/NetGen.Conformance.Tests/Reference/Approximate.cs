namespace NetGen.Conformance.Tests.Reference;

/// <summary>One element of an <see cref="Estimate"/>: a number, and the deviation of what a float32 program makes of it.</summary>
internal readonly record struct Approximate(double Value, double Error)
{
    /// <summary>How far the number may be off.</summary>
    public double Room => Estimate.Tolerance * Error;

    public static Approximate Of(Estimate all, int index) => new(all.Values[index], all.Errors[index]);

    public static Approximate Exact(double value) => new(value, 0);

    /// <summary>Which is larger hangs on their errors. Equal ones are one value twice, or exact: float32 sees that too.</summary>
    public static bool IsOpen(Approximate x, Approximate y) => x.Value != y.Value && Math.Abs(x.Value - y.Value) < x.Room + y.Room;
}
