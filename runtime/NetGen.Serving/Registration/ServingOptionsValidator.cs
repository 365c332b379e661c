using Microsoft.Extensions.Options;

namespace NetGen.Serving.Registration;

/// <summary>Refuses options that are out of their range, before anything is loaded.</summary>
/// <param name="optionsName">The name of the options that it looks at.</param>
/// <param name="shownName">What messages call them.</param>
internal sealed class ServingOptionsValidator(string optionsName, string shownName) : IValidateOptions<ServingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ServingOptions options)
    {
        if (name != optionsName)
            return ValidateOptionsResult.Skip;
        IReadOnlyList<string> complaints = options.Complaints(shownName);
        return complaints.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(complaints);
    }
}
