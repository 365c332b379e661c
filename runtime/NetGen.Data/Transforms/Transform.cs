namespace NetGen.Data;

/// <summary>
/// A step from images to the values a network takes, with torchvision's names, arguments and defaults. <see cref="Compose"/> puts steps in
/// a row; <see cref="Preprocessor"/> and <see cref="DataLoader"/> run them, as many as possible in one pass over the pixels.
/// </summary>
public abstract class Transform
{
    private protected Transform()
    {
    }

    /// <summary>The step as it is written, in the invariant culture.</summary>
    public abstract override string ToString();

    /// <summary>Appends the step to a plan, or throws <see cref="ArgumentException"/> where it does not fit there.</summary>
    internal abstract void AddTo(TransformPlan.Builder plan);

    private protected static string Text(float value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private protected static double CheckProbability(double p) =>
        p is >= 0 and <= 1 ? p : throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
}
