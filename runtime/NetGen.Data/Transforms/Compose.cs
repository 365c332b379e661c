namespace NetGen.Data;

/// <summary>Several transforms, one after the other.</summary>
/// <example><code>new Compose(new RandomCrop(32, padding: 4), new RandomHorizontalFlip(), new ToTensor(), new Normalize(mean,
/// deviation))</code></example>
public sealed class Compose : Transform
{
    private readonly Transform[] _steps;

    /// <summary>A row of transforms.</summary>
    /// <param name="steps">The first comes first.</param>
    /// <exception cref="ArgumentException">A step is null.</exception>
    public Compose(params Transform[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (Array.IndexOf(steps, null) is >= 0 and int missing)
            throw new ArgumentException($"Step {missing} is null.", nameof(steps));
        _steps = [.. steps];
    }

    /// <summary>The transforms in their order.</summary>
    public IReadOnlyList<Transform> Steps => _steps;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", (object[])_steps);

    internal override void AddTo(TransformPlan.Builder plan)
    {
        foreach (Transform step in _steps)
            step.AddTo(plan);
    }
}
