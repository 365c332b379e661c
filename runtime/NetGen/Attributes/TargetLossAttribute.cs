namespace NetGen;

/// <summary>Base of the attributes of losses that compare one output with a target, which <c>Step</c> and <c>Backward</c> take.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class TargetLossAttribute : LossAttribute
{
    /// <summary>The output that is compared with a target; null, the default, where the network has only one.</summary>
    public string? Of { get; set; }
}
